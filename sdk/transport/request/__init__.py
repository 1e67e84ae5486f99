"""What is sent: path, query, headers and body, encoded."""
