"""Metrics for Prometheus, and whether the gateway lives and takes jobs."""

from gateway.web.metrics.routes import install_metrics

__all__ = ["install_metrics"]
