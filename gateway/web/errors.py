"""What went wrong, as a page or as a problem document (RFC 9457)."""
