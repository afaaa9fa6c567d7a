{{/*
What is wrong with the values together, that the schema cannot say of one alone: a list of sentences, as JSON. All are told at
once by templates/problems.yaml.
*/}}
{{- define "moola.problems" -}}
{{- $problems := list }}
{{- $values := .Values }}
{{- $distributed := eq .Values.mode "distributed" }}

{{- if not (or .Values.image.registry (.Values.global).imageRegistry (contains "/" .Values.image.repository) (eq .Values.image.pullPolicy "Never")) }}
{{- $problems = append $problems (printf "image.repository: is %s, which names no registry: name the image that you have pushed, such as registry.example.com/ml/moola-monitoring (in a checkout, tools/release/image.sh <image> <version> --push builds and pushes it; a chart from a registry names its own). For an image that lies on the nodes already: image.pullPolicy: Never" .Values.image.repository) }}
{{- end }}
{{- if and $distributed (not .Values.kafka.brokers) }}
{{- $problems = append $problems "kafka.brokers: is empty: name your Kafka's brokers, such as [kafka-1:9092, kafka-2:9092]" }}
{{- end }}
{{- if and $distributed .Values.redis.cluster .Values.redis.sentinels }}
{{- $problems = append $problems "redis: both cluster and sentinels are given: keep one" }}
{{- end }}
{{- if and $distributed .Values.kafka.sasl.mechanism (not .Values.kafka.sasl.username) }}
{{- $without := list }}
{{- if eq .Values.autoscaling.mode "keda" }}{{ $without = append $without "KEDA" }}{{ end }}
{{- range (include "moola.services" . | fromYaml).list }}
{{- if not (include "moola.serviceValues" (dict "root" $ "service" .name) | fromYaml).kafka.username }}{{ $without = append $without .name }}{{ end }}
{{- end }}
{{- if $without }}
{{- $problems = append $problems (printf "kafka.sasl.username: is missing, and kafka.sasl.mechanism is set (no services.<name>.kafka.username stands for: %s)" (join ", " $without)) }}
{{- end }}
{{- end }}
{{- if $distributed }}
{{- $asked := list }}
{{- range include "moola.allSecrets" . | fromJsonArray }}{{ if eq (get . "own") "kafka" }}{{ $asked = append $asked .key }}{{ end }}{{ end }}
{{- range (include "moola.services" . | fromYaml).list }}
{{- $its := (include "moola.serviceValues" (dict "root" $ "service" .name) | fromYaml).kafka }}
{{- $service := .name }}
{{- if and $its.username (not $values.kafka.sasl.mechanism) }}
{{- $problems = append $problems (printf "services.%s.kafka.username: is given, and kafka.sasl.mechanism is not: say how services prove who they are" $service) }}
{{- end }}
{{- if and $its.username $values.kafka.sasl.mechanism (not $its.existingSecret) }}
{{- $problems = append $problems (printf "services.%s.kafka.existingSecret: is missing: the Secret with the kafka-password of %s" $service $its.username) }}
{{- end }}
{{- if $its.existingSecret }}
{{- if not $asked }}
{{- $problems = append $problems (printf "services.%s.kafka.existingSecret: nothing is read from it: set kafka.sasl.mechanism (kafka-password) or kafka.tls.clientCertificate (kafka-cert, kafka-key)" $service) }}
{{- else if lookup "v1" "ServiceAccount" $.Release.Namespace "default" }}
{{- $secret := lookup "v1" "Secret" $.Release.Namespace $its.existingSecret }}
{{- range $asked }}
{{- if not (hasKey (default dict ($secret).data) .) }}
{{- $problems = append $problems (printf "services.%s.kafka.existingSecret: namespace %s has no Secret %s with the key %s" $service $.Release.Namespace $its.existingSecret .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.kafka.topics.madeBy "strimzi") (not .Values.kafka.topics.strimzi.cluster) }}
{{- $problems = append $problems "kafka.topics.strimzi.cluster: is missing: the name of the Kafka resource of Strimzi" }}
{{- end }}

{{- if .Values.secrets.external.enabled }}
{{- if not .Values.secrets.external.store.name }}
{{- $problems = append $problems "secrets.external.store.name: is missing: the SecretStore to read from" }}
{{- end }}
{{- else if .Values.secrets.existing }}
{{- /* With a cluster at hand (every namespace has the ServiceAccount default) one can look. */}}
{{- if lookup "v1" "ServiceAccount" .Release.Namespace "default" }}
{{- $secret := lookup "v1" "Secret" .Release.Namespace .Values.secrets.existing }}
{{- if not $secret }}
{{- $problems = append $problems (printf "secrets.existing: namespace %s has no Secret %s: make it with the keys %s" .Release.Namespace .Values.secrets.existing (include "moola.secretKeys" .)) }}
{{- else }}
{{- range include "moola.secrets" . | fromJsonArray }}
{{- if not (hasKey (default dict $secret.data) .key) }}
{{- $problems = append $problems (printf "secrets.existing: Secret %s has no key %s (%s)" $values.secrets.existing .key .text) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- else }}
{{- range include "moola.secrets" . | fromJsonArray }}
{{- if not (get $values.secrets.create .key) }}
{{- $problems = append $problems (printf "secrets.create.%s: is missing (%s); or name a Secret that has it in secrets.existing" .key .text) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.channels.existing .Values.channels.create }}
{{- $problems = append $problems "channels: both existing and create are given: keep one" }}
{{- end }}
{{- if and .Values.prometheusServers.existing .Values.prometheusServers.create }}
{{- $problems = append $problems "prometheusServers: both existing and create are given: keep one" }}
{{- end }}
{{- if and .Values.definitions.existing.configMap (not .Values.definitions.existing.keys) }}
{{- $problems = append $problems "definitions.existing.keys: is empty: name the keys of the ConfigMap that hold definitions" }}
{{- end }}

{{- if and $distributed (ne .Values.autoscaling.mode "none") }}
{{- range (include "moola.services" . | fromYaml).list }}
{{- $its := include "moola.serviceValues" (dict "root" $ "service" .name) | fromYaml }}
{{- $most := include "moola.mostReplicas" (dict "root" $ "service" .) | int }}
{{- if and (eq .scaledBy "lag") (gt $most (max (int $its.autoscaling.min) (int $values.partitions))) }}
{{- $problems = append $problems (printf "services.%s.autoscaling.max: is %d, and there is work for %d only (partitions): more stand by" .name $most (int $values.partitions)) }}
{{- end }}
{{- if lt $most (int $its.autoscaling.min) }}
{{- $problems = append $problems (printf "services.%s.autoscaling: max %d is less than min %d" .name $most (int $its.autoscaling.min)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $distributed }}
{{- range (include "moola.services" . | fromYaml).list }}
{{- $strategy := (include "moola.serviceValues" (dict "root" $ "service" .name) | fromYaml).strategy }}
{{- if and (eq (trimSuffix "%" (toString $strategy.maxSurge) | int) 0) (eq (trimSuffix "%" (toString $strategy.maxUnavailable) | int) 0) }}
{{- $problems = append $problems (printf "services.%s.strategy: maxSurge and maxUnavailable are both 0: no pod could ever be replaced" .name) }}
{{- end }}
{{- end }}
{{- end }}
{{- if le (int .Values.termination.graceSeconds) (add 25 (int .Values.termination.preStopSeconds) | int) }}
{{- $problems = append $problems (printf "termination.graceSeconds: is %d: a service takes up to 25 s after preStopSeconds (%d) to finish what it has in hand" (int .Values.termination.graceSeconds) (int .Values.termination.preStopSeconds)) }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- $problems = append $problems "ingress.hosts: is empty: name the hosts at which Moola is reached" }}
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
{{- $problems = append $problems "httpRoute.parentRefs: is empty: name the Gateway" }}
{{- end }}

{{- /* What the cluster must know. `helm template` knows only what --api-versions says. */}}
{{- $needed := dict }}
{{- if and $distributed (eq .Values.autoscaling.mode "keda") }}{{ $_ := set $needed "autoscaling.mode: keda" "keda.sh/v1alpha1" }}{{ end }}
{{- if .Values.httpRoute.enabled }}{{ $_ := set $needed "httpRoute.enabled" "gateway.networking.k8s.io/v1" }}{{ end }}
{{- if .Values.monitoring.serviceMonitor.enabled }}{{ $_ := set $needed "monitoring.serviceMonitor.enabled" .Values.monitoring.serviceMonitor.apiVersion }}{{ end }}
{{- if .Values.monitoring.prometheusRule.enabled }}{{ $_ := set $needed "monitoring.prometheusRule.enabled" .Values.monitoring.prometheusRule.apiVersion }}{{ end }}
{{- if and $distributed (eq .Values.kafka.topics.madeBy "strimzi") }}{{ $_ := set $needed "kafka.topics.madeBy: strimzi" .Values.kafka.topics.strimzi.apiVersion }}{{ end }}
{{- if .Values.secrets.external.enabled }}{{ $_ := set $needed "secrets.external.enabled" "external-secrets.io/v1" }}{{ end }}
{{- range $value, $version := $needed }}
{{- if not ($.Capabilities.APIVersions.Has $version) }}
{{- $problems = append $problems (printf "%s: the cluster does not know %s: install its CRDs first (with helm template, add --api-versions %s)%s" $value $version $version (ternary "; Strimzi before 0.49 has another version: kafka.topics.strimzi.apiVersion: kafka.strimzi.io/v1beta2" "" (eq $version "kafka.strimzi.io/v1"))) }}
{{- end }}
{{- end }}

{{- /* Topics and volumes have the partitions that they were made with. (`helm template` asks no cluster: lookup finds nothing.) */}}
{{- range default list (lookup "v1" "ConfigMap" .Release.Namespace "").items }}
{{- $labels := default dict .metadata.labels }}
{{- if and (eq (get $labels "app.kubernetes.io/part-of") "moola") (eq (get $labels "app.kubernetes.io/instance") $.Release.Name) (eq (get $labels "app.kubernetes.io/component") (ternary "collector" "standalone" $distributed)) }}
{{- $present := default dict .data }}
{{- $made := get $present "MOOLA_PARTITIONS" }}
{{- $shared := list }}
{{- range splitList "," (default "live" (get $present "MOOLA_ENVIRONMENTS")) }}
{{- $name := regexReplaceAll ":.*" . "" }}
{{- range include "moola.environments" $ | fromJsonArray }}{{ if eq $name (regexReplaceAll ":.*" . "") }}{{ $shared = append $shared $name }}{{ end }}{{ end }}
{{- end }}
{{- if and $made $shared (ne (int $made) (int $values.partitions)) }}
{{- $problems = append $problems (printf "partitions: is %d, and release %s was installed with %s: it is fixed for an environment (%s) once its %s made, and every service would refuse to start. Set partitions: %s. For another number, install another release for an environment of another name%s" (int $values.partitions) $.Release.Name $made (join ", " $shared) (ternary "topics are" "volume is" $distributed) $made (ternary "" ", or on a new volume" $distributed)) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Another release that shares the groups and topics of this one would share its work, with settings of its own. */}}
{{- if $distributed }}
{{- $services := lookup "v1" "ConfigMap" .Release.Namespace "" }}
{{- range default list ($services).items }}
{{- $labels := default dict .metadata.labels }}
{{- if and (eq (get $labels "app.kubernetes.io/part-of") "moola") (eq (get $labels "app.kubernetes.io/component") "console") (ne (get $labels "app.kubernetes.io/instance") $.Release.Name) }}
{{- $theirs := default dict .data }}
{{- $release := get $labels "app.kubernetes.io/instance" }}
{{- range $broker := $values.kafka.brokers }}
{{- if has $broker (splitList "," (get $theirs "MOOLA_KAFKA_BROKERS")) }}
{{- range $environment := $values.environments }}
{{- if has $environment (splitList "," (get $theirs "MOOLA_ENVIRONMENTS")) }}
{{- $problems = append $problems (printf "environments: release %s in this namespace runs environment %s on the same Kafka (%s): upgrade that release, or name other environments or another Kafka" $release $environment $broker) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $problems | uniq | toJson }}
{{- end }}

{{- define "moola.secretKeys" -}}
{{- $keys := list }}
{{- range include "moola.secrets" . | fromJsonArray }}{{ $keys = append $keys .key }}{{ end }}
{{- join ", " $keys }}
{{- end }}
