package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Port;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code ports}, which have the same fields wherever they stand. */
final class PortDraft {

    private PortDraft() {}

    /** Those that say a number from 1 to 65,535; no more than so many. */
    static <P> List<P> ports(Cursor in, int most, Shape<P> shape) throws IOException {
        List<P> ports = new ArrayList<>();
        if (!in.beginsList()) {
            return ports;
        }
        while (in.hasElement()) {
            String name = "";
            String protocol = "";
            String appProtocol = "";
            int number = 0;
            if (in.beginsObject()) {
                while (in.hasField()) {
                    switch (in.name()) {
                        case "name" -> name = in.word();
                        case "port" -> number = in.number();
                        case "protocol" -> protocol = in.word();
                        case "appProtocol" -> appProtocol = in.word();
                        default -> in.skip();
                    }
                }
            }
            if (number >= 1
                    && number <= Port.MAX
                    && ports.size() < most) { // KEP-752: no number means all, which is none to us
                ports.add(shape.of(name, number, protocol.isEmpty() ? "TCP" : protocol, appProtocol));
            }
        }
        return ports;
    }

    /** What a port becomes. */
    @FunctionalInterface
    interface Shape<P> {
        P of(String name, int number, String protocol, String appProtocol);
    }
}
