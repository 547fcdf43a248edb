"""What builds and checks the project; the command line uses the bundler."""
