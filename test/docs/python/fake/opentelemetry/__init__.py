"""As much of OpenTelemetry's API as the formatter of log lines uses, where the package is not installed."""
