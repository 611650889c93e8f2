"""What a reader does not see and a model does, or the other way round: hidden markup, letters drawn of signs."""
