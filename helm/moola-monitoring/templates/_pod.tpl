{{/* Security of every container: no root, no writable root file system, no capabilities. */}}
{{- define "moola.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities: { drop: [ALL] }
privileged: false
readOnlyRootFilesystem: true
{{- end }}

{{/* Security of every pod. 1000 is the user `node` of the image; any other reads the image just as well. */}}
{{- define "moola.podSecurity" -}}
runAsNonRoot: true
{{- if .Values.security.fixedIds }}
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
{{- end }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "moola.pullSecrets" -}}
{{- with concat .Values.image.pullSecrets (default list (.Values.global).imagePullSecrets) }}
imagePullSecrets:
{{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "moola.probe" -}}
httpGet: { path: {{ .path }}, port: http }
{{- with .values }}
periodSeconds: {{ .periodSeconds }}
timeoutSeconds: {{ .timeoutSeconds }}
failureThreshold: {{ .failureThreshold }}
{{- end }}
{{- end }}

{{/* The pod template of a service, the only one. (dict "root" $ "service" <description> "args" <list> "data" <whether it has a volume>) */}}
{{- define "moola.pod" -}}
{{- $root := .root }}
{{- $name := .service.name }}
{{- $fullname := printf "%s-%s" (include "moola.fullname" $root) $name }}
{{- $values := include "moola.serviceValues" (dict "root" $root "service" $name) | fromYaml }}
{{- $channels := ternary (include "moola.channelsSecretName" $root) "" (has "channels" .service.reaches) }}
{{- $prometheus := ternary (include "moola.prometheusSecretName" $root) "" (has "prometheus" .service.reaches) }}
{{- $selector := include "moola.serviceSelector" (dict "root" $root "service" $name) }}
metadata:
  labels:
    {{- include "moola.serviceLabels" (dict "root" $root "service" $name) | nindent 4 }}
    {{- with omit $values.podLabels "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/configuration: {{ include "moola.checksum" (dict "root" $root "service" $name) }}
    {{- with omit $values.podAnnotations "checksum/configuration" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ $fullname }}
  automountServiceAccountToken: {{ not (empty .service.rights) }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $root.Values.termination.graceSeconds }}
  {{- include "moola.pullSecrets" $root | nindent 2 }}
  securityContext:
    {{- include "moola.podSecurity" $root | nindent 4 }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: {{ $values.topologySpread.zones }}
      # A zone whose nodes are all tainted takes no pod: it must not hold up those of the others.
      nodeTaintsPolicy: Honor
      labelSelector:
        matchLabels:
          {{- $selector | nindent 10 }}
      {{- if not .data }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: {{ $values.topologySpread.nodes }}
      nodeTaintsPolicy: Honor
      labelSelector:
        matchLabels:
          {{- $selector | nindent 10 }}
      {{- if not .data }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
  containers:
    - name: {{ $name }}
      image: {{ include "moola.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: {{ .args | toJson }}
      envFrom:
        - configMapRef: { name: {{ $fullname }} }
      ports:
        - { name: http, containerPort: 8080, protocol: TCP }
      startupProbe:
        {{- include "moola.probe" (dict "path" "/healthz" "values" $root.Values.probes.startup) | nindent 8 }}
      livenessProbe:
        {{- include "moola.probe" (dict "path" "/healthz" "values" $root.Values.probes.liveness) | nindent 8 }}
      readinessProbe:
        {{- include "moola.probe" (dict "path" "/readyz" "values" $root.Values.probes.readiness) | nindent 8 }}
      {{- if $root.Values.termination.preStopSeconds }}
      # Until then whoever sends here has heard that this pod goes.
      lifecycle:
        preStop:
          sleep: { seconds: {{ $root.Values.termination.preStopSeconds }} }
      {{- end }}
      securityContext:
        {{- include "moola.containerSecurity" $root | nindent 8 }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - { name: secrets, mountPath: /etc/moola/secrets, readOnly: true }
        {{- if $channels }}
        - { name: channels, mountPath: /etc/moola/channels, readOnly: true }
        {{- end }}
        {{- if $prometheus }}
        - { name: prometheus, mountPath: /etc/moola/prometheus, readOnly: true }
        {{- end }}
        - { name: tmp, mountPath: /tmp }
        {{- if and (eq $name "console") $root.Values.history.enabled }}
        - { name: history, mountPath: /history }
        {{- end }}
        {{- if .data }}
        - { name: data, mountPath: /data }
        {{- end }}
  volumes:
    {{- $shared := list }}
    {{- $own := list }}
    {{- range include "moola.secretsOf" (dict "root" $root "service" $name) | fromJsonArray }}
    {{- $item := dict "key" .key "path" .key }}
    {{- if and $values.kafka.existingSecret (eq (get . "own") "kafka") }}{{ $own = append $own $item }}
    {{- else }}{{ $shared = append $shared $item }}{{ end }}
    {{- end }}
    - name: secrets
      {{- if $own }}
      projected:
        defaultMode: 0440
        sources:
          - secret:
              name: {{ include "moola.secretName" $root }}
              items:
                {{- toYaml $shared | nindent 16 }}
          - secret:
              name: {{ $values.kafka.existingSecret }}
              items:
                {{- toYaml $own | nindent 16 }}
      {{- else }}
      secret:
        secretName: {{ include "moola.secretName" $root }}
        defaultMode: 0440
        items:
          {{- toYaml $shared | nindent 10 }}
      {{- end }}
    {{- with $channels }}
    # Each key is a variable of a channel, each file holds its value (MOOLA_SECRETS_FOLDER).
    - name: channels
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
    {{- with $prometheus }}
    # The same of the Prometheus servers that are asked for instances.
    - name: prometheus
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
    - name: tmp
      emptyDir: { sizeLimit: 64Mi }
    {{- if and (eq $name "console") $root.Values.history.enabled }}
    - name: history
      {{- if $root.Values.history.existingClaim }}
      persistentVolumeClaim: { claimName: {{ $root.Values.history.existingClaim | quote }} }
      {{- else }}
      emptyDir: { sizeLimit: {{ $root.Values.history.size | quote }} }
      {{- end }}
    {{- end }}
{{- end }}

{{/* A pod that runs one command of the image and ends. (dict "root" $ "name" "apply" "args" <list> "env" <text> "mounts" <text> "volumes" <text>) */}}
{{- define "moola.taskPod" -}}
metadata:
  labels:
    {{- include "moola.serviceLabels" (dict "root" .root "service" .name) | nindent 4 }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- include "moola.pullSecrets" .root | nindent 2 }}
  securityContext:
    {{- include "moola.podSecurity" .root | nindent 4 }}
  {{- with .root.Values.defaults.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.defaults.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "moola.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ .args | toJson }}
      env:
        - { name: MOOLA_TOKEN_FILE, value: /etc/moola/secrets/token }
        {{- with .env }}
        {{- . | nindent 8 }}
        {{- end }}
      securityContext:
        {{- include "moola.containerSecurity" .root | nindent 8 }}
      resources:
        requests: { cpu: 50m, memory: 128Mi }
        limits: { memory: 256Mi }
      volumeMounts:
        - { name: secrets, mountPath: /etc/moola/secrets, readOnly: true }
        - { name: tmp, mountPath: /tmp }
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
  volumes:
    - name: secrets
      secret:
        secretName: {{ include "moola.secretName" .root }}
        defaultMode: 0440
        items: [{ key: token, path: token }]
    - name: tmp
      emptyDir: { sizeLimit: 16Mi }
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end }}
