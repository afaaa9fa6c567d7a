{{/* Names and labels. */}}
{{- define "moola.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* What all names begin with: the release, and the chart unless the release's name says what it is. */}}
{{- define "moola.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if or (contains "moola" .Release.Name) (contains (include "moola.name" .) .Release.Name) -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name (include "moola.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What selects the pods of this release. */}}
{{- define "moola.selector" -}}
app.kubernetes.io/name: {{ include "moola.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "moola.labels" -}}
{{ include "moola.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: moola
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels of what belongs to one service: (dict "root" $ "service" "tracker"). */}}
{{- define "moola.serviceSelector" -}}
{{ include "moola.selector" .root }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "moola.serviceLabels" -}}
{{ include "moola.labels" .root }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "moola.image" -}}
{{- $registry := default (.Values.global).imageRegistry .Values.image.registry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end }}
{{- end }}

{{- define "moola.secretName" -}}
{{ default (printf "%s-secrets" (include "moola.fullname" .)) .Values.secrets.existing }}
{{- end }}

{{- define "moola.channelsSecretName" -}}
{{- if .Values.channels.existing }}{{ .Values.channels.existing }}
{{- else if .Values.channels.create }}{{ include "moola.fullname" . }}-channels{{ end }}
{{- end }}

{{- define "moola.prometheusSecretName" -}}
{{- if .Values.prometheusServers.existing }}{{ .Values.prometheusServers.existing }}
{{- else if .Values.prometheusServers.create }}{{ include "moola.fullname" . }}-prometheus{{ end }}
{{- end }}
