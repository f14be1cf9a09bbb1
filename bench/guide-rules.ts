/** The six of the monitoring guide, to the letter. */
export const guideRules = [
  {
    alert: 'HighErrorRate',
    expr: 'rate(http_requests_total{status=~"5.."}[5m]) > 0.1',
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'High error rate detected',
      description: 'Error rate is {{ $value }} errors per second',
    },
  },
  {
    alert: 'ServiceDown',
    expr: 'up{job=~"backend|worker|ml-controller"} == 0',
    for: '1m',
    labels: { severity: 'critical' },
    annotations: { summary: 'Service {{ $labels.job }} is down' },
  },
  {
    alert: 'DatabaseConnectionHigh',
    expr: 'db_connections_active / db_connections_max > 0.8',
    for: '5m',
    labels: { severity: 'critical' },
    annotations: { summary: 'Database connection pool nearly exhausted' },
  },
  {
    alert: 'HighLatency',
    expr: 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) > 1',
    for: '10m',
    labels: { severity: 'warning' },
    annotations: { summary: 'High latency detected' },
  },
  {
    alert: 'HighMemoryUsage',
    expr: 'container_memory_usage_bytes / container_spec_memory_limit_bytes > 0.8',
    for: '15m',
    labels: { severity: 'warning' },
    annotations: { summary: 'High memory usage in {{ $labels.pod }}' },
  },
  {
    alert: 'LowDiskSpace',
    expr: 'node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: { summary: 'Low disk space on {{ $labels.instance }}' },
  },
];
