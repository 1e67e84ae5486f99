"""What came back: the response, its metadata, and how it is decoded."""
