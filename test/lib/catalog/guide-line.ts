/** The monitoring guide's own sample of a log line. */
export const guideLine = {
  timestamp: '2024-01-01T12:00:00.123Z',
  level: 'INFO',
  service: 'backend',
  module: 'auth',
  message: 'User login successful',
  correlation_id: 'abc123',
  user_id: 'user123',
  request_id: 'req456',
  duration_ms: 45,
  metadata: { ip_address: '192.168.1.100', user_agent: 'Mozilla/5.0...' },
};
