{{/* A number as Kubernetes wants it in a variable: 67108864, not 6.7108864e+07. */}}
{{- define "moola.text" -}}
{{- if kindIs "float64" . }}{{ if eq (floor .) . }}{{ int64 . }}{{ else }}{{ . }}{{ end }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{/* The secrets that somebody in this installation needs, as JSON: entries of files/secrets.yaml. */}}
{{- define "moola.allSecrets" -}}
{{- $root := . }}
{{- $needed := list }}
{{- range .Files.Get "files/secrets.yaml" | fromYamlArray }}
{{- if tpl .when $root }}{{ $needed = append $needed (omit . "when") }}{{ end }}
{{- end }}
{{- $needed | toJson }}
{{- end }}

{{/* Those that the release's Secret must have, as JSON: not what every service brings itself. */}}
{{- define "moola.secrets" -}}
{{- $isShared := include "moola.sharesKafka" . }}
{{- $needed := list }}
{{- range include "moola.allSecrets" . | fromJsonArray }}
{{- if or $isShared (ne (get . "own") "kafka") }}{{ $needed = append $needed . }}{{ end }}
{{- end }}
{{- $needed | toJson }}
{{- end }}

{{/* Whether somebody asks Kafka as `kafka.sasl.username`: a service without a Secret of its own, or KEDA. */}}
{{- define "moola.sharesKafka" -}}
{{- $root := . }}
{{- $shares := eq .Values.autoscaling.mode "keda" }}
{{- range (include "moola.services" . | fromYaml).list }}
{{- if not (include "moola.serviceValues" (dict "root" $root "service" .name) | fromYaml).kafka.existingSecret }}{{ $shares = true }}{{ end }}
{{- end }}
{{- if $shares }}yes{{ end }}
{{- end }}

{{/* Those of one service. (dict "root" $ "service" "tracker") */}}
{{- define "moola.secretsOf" -}}
{{- $service := .service }}
{{- $its := list }}
{{- range include "moola.allSecrets" .root | fromJsonArray }}
{{- if or (not .services) (has $service .services) }}{{ $its = append $its . }}{{ end }}
{{- end }}
{{- $its | toJson }}
{{- end }}

{{/* Names by which a service may be asked. */}}
{{- define "moola.allowedHosts" -}}
{{- $name := printf "%s-%s" (include "moola.fullname" .root) .service }}
{{- $namespace := .root.Release.Namespace }}
{{- $hosts := list $name (printf "%s.%s" $name $namespace) (printf "%s.%s.svc" $name $namespace) (printf "%s.%s.svc.cluster.local" $name $namespace) }}
{{- if .root.Values.ingress.enabled }}{{ $hosts = concat $hosts .root.Values.ingress.hosts }}{{ end }}
{{- if .root.Values.httpRoute.enabled }}{{ $hosts = concat $hosts .root.Values.httpRoute.hosts }}{{ end }}
{{- concat $hosts .root.Values.allowedHosts | uniq | join "," }}
{{- end }}

{{/*
The settings of one service, as YAML: one mapping from variable to text, so that none can stand there twice. Later ones win:
what the chart computes, `settings`, `defaults.settings`, `services.<name>.settings`. (dict "root" $ "service" "tracker")
*/}}
{{- define "moola.settings" -}}
{{- $values := .root.Values }}
{{- $its := include "moola.serviceValues" . | fromYaml }}
{{- $settings := dict
  "MOOLA_HOST" "0.0.0.0"
  "MOOLA_PORT" "8080"
  "MOOLA_PARTITIONS" $values.partitions
  "MOOLA_ALLOWED_HOSTS" (include "moola.allowedHosts" .) }}
{{- if not $values.history.enabled }}{{ $_ := set $settings "MOOLA_HISTORY" "off" }}{{ end }}
{{- if and (eq .service "console") $values.history.enabled }}{{ $_ := set $settings "MOOLA_HISTORY_FOLDER" "/history" }}{{ end }}
{{- with $values.publicUrl }}{{ $_ := set $settings "MOOLA_PUBLIC_URL" . }}{{ end }}
{{- with $values.traces.endpoint }}{{ $_ := set $settings "OTEL_EXPORTER_OTLP_ENDPOINT" . }}{{ end }}
{{- if has .service (list "responder" "standalone") }}
{{- with $values.registry.url }}{{ $_ := set $settings "MOOLA_REGISTRY_URL" . }}{{ end }}
{{- end }}
{{- if eq $values.mode "standalone" }}
{{- $_ := set $settings "MOOLA_DATA" "/data" }}
{{- else }}
{{- $_ := set $settings "MOOLA_MODE" "distributed" }}
{{- $_ := set $settings "MOOLA_ENVIRONMENTS" (join "," $values.environments) }}
{{- with $values.kafka }}
{{- $_ := set $settings "MOOLA_KAFKA_BROKERS" (join "," .brokers) }}
{{- $_ := set $settings "MOOLA_KAFKA_REPLICATION" .replication }}
{{- if .telemetryPartitions }}{{ $_ := set $settings "MOOLA_TELEMETRY_PARTITIONS" .telemetryPartitions }}{{ end }}
{{- if .tls.enabled }}{{ $_ := set $settings "MOOLA_KAFKA_TLS" "on" }}{{ end }}
{{- if .sasl.mechanism }}
{{- $_ := set $settings "MOOLA_KAFKA_SASL_MECHANISM" .sasl.mechanism }}
{{- $_ := set $settings "MOOLA_KAFKA_USERNAME" (default .sasl.username $its.kafka.username) }}
{{- end }}
{{- if ne .topics.madeBy "moola" }}{{ $_ := set $settings "MOOLA_CREATE_TOPICS" "off" }}{{ end }}
{{- end }}
{{- with $values.redis }}
{{- if .cluster }}{{ $_ := set $settings "MOOLA_REDIS_CLUSTER" (join "," .cluster) }}{{ end }}
{{- if .sentinels }}
{{- $_ := set $settings "MOOLA_REDIS_SENTINELS" (join "," .sentinels) }}
{{- $_ := set $settings "MOOLA_REDIS_MASTER" .master }}
{{- end }}
{{- if .username }}{{ $_ := set $settings "MOOLA_REDIS_USERNAME" .username }}{{ end }}
{{- if .tls.enabled }}{{ $_ := set $settings "MOOLA_REDIS_TLS" "on" }}{{ end }}
{{- end }}
{{- end }}
{{- range include "moola.secretsOf" . | fromJsonArray }}
{{- $_ := set $settings (printf "%s_FILE" .variable) (printf "/etc/moola/secrets/%s" .key) }}
{{- end }}
{{- $folders := list }}
{{- if and (has .service (list "notifier" "standalone")) (include "moola.channelsSecretName" .root) }}
{{- $folders = append $folders "/etc/moola/channels" }}
{{- end }}
{{- if and (has .service (list "collector" "standalone")) (include "moola.prometheusSecretName" .root) }}
{{- $folders = append $folders "/etc/moola/prometheus" }}
{{- end }}
{{- with $folders }}{{ $_ := set $settings "MOOLA_SECRETS_FOLDER" (join ":" .) }}{{ end }}
{{- $settings = mergeOverwrite $settings (deepCopy $values.settings) $its.settings }}
{{- range $variable, $value := $settings }}
{{ $variable }}: {{ include "moola.text" $value | quote }}
{{- end }}
{{- end }}

{{/* Changes with everything that its pods read and the chart knows. (dict "root" $ "service" "tracker") */}}
{{- define "moola.checksum" -}}
{{- $secrets := dict }}
{{- range include "moola.secretsOf" . | fromJsonArray }}
{{- $_ := set $secrets .key (get $.root.Values.secrets.create .key | default "") }}
{{- end }}
{{- $channels := ternary .root.Values.channels.create dict (has .service (list "notifier" "standalone")) }}
{{- $prometheus := ternary .root.Values.prometheusServers.create dict (has .service (list "collector" "standalone")) }}
{{- list (include "moola.settings" .) $secrets $channels $prometheus .root.Values.secrets.revision | toJson | sha256sum }}
{{- end }}
