package io.clusterset.discovery.spring.http;

import java.io.IOException;

/** The request can't be sent to an endpoint after all: a proxy is to be asked. */
final class Detour extends IOException {

    private static final long serialVersionUID = 1;

    Detour() {
        super("goes by a proxy");
    }
}
