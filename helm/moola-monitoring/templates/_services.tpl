{{/* Which services this release runs, as files/services.yaml describes them: YAML, under `list`. */}}
{{- define "moola.services" -}}
{{- if eq .Values.mode "standalone" }}
{{- $paths := list }}
{{- $reaches := list }}
{{- $rights := list }}
{{- range .Files.Get "files/services.yaml" | fromYamlArray }}
{{- $reaches = concat $reaches .reaches }}
{{- $rights = concat $rights .rights }}
{{- end }}
list: {{ list (dict "name" "standalone" "scaledBy" "none" "consumes" list "paths" (list (dict "path" "/" "pathType" "Prefix")) "reaches" $reaches "rights" $rights) | toJson }}
{{- else }}
list: {{ .Files.Get "files/services.yaml" | fromYamlArray | toJson }}
{{- end }}
{{- end }}

{{/* The values of one service: `defaults`, and over them its own. (dict "root" $ "service" "tracker") */}}
{{- define "moola.serviceValues" -}}
{{- $own := dict }}
{{- if eq .service "standalone" }}
{{- $own = dict "resources" .root.Values.standalone.resources }}
{{- else }}
{{- $own = default dict (get .root.Values.services .service) }}
{{- end }}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy $own) | toYaml }}
{{- end }}

{{/* Who changes the number of its pods: "hpa", "keda", or nothing when `replicas` says it. (dict "root" $ "service" <description>) */}}
{{- define "moola.scaledBy" -}}
{{- if and (ne .root.Values.mode "standalone") (ne .root.Values.autoscaling.mode "none") (ne .service.scaledBy "none") }}
{{- .root.Values.autoscaling.mode }}
{{- end }}
{{- end }}

{{/* Most pods when autoscaled: what the service's values say, else its partitions, else 3 times the least. */}}
{{- define "moola.mostReplicas" -}}
{{- $values := include "moola.serviceValues" (dict "root" .root "service" .service.name) | fromYaml }}
{{- if $values.autoscaling.max }}{{ int $values.autoscaling.max }}
{{- else if eq .service.scaledBy "lag" }}{{ max (int $values.autoscaling.min) (int .root.Values.partitions) }}
{{- else }}{{ mul 3 (int $values.autoscaling.min) }}{{ end }}
{{- end }}

{{/* The environments of this release as the settings name them, as JSON: one process has `live`. */}}
{{- define "moola.environments" -}}
{{- ternary (list "live") .Values.environments (eq .Values.mode "standalone") | toJson }}
{{- end }}

{{/* Names of the environments with the time of the wall, as JSON: replays get no autoscaling and no alerts. */}}
{{- define "moola.liveEnvironments" -}}
{{- $names := list }}
{{- range include "moola.environments" . | fromJsonArray }}
{{- if not (hasSuffix ":replay" .) }}{{ $names = append $names (trimSuffix ":wall" .) }}{{ end }}
{{- end }}
{{- $names | toJson }}
{{- end }}
