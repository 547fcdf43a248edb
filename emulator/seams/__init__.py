"""Where the embedded AWS reaches into moto: one module a service, each with a contract test naming the version."""
