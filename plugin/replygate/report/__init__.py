"""What a store's facts come to: today, its periods, and one conversation as evidence."""
