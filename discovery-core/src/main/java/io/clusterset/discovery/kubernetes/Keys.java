package io.clusterset.discovery.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** What objects are found by. */
final class Keys {

    private Keys() {}

    /** By the Service it is of, and by the ServiceImport. */
    static List<String> ofSlice(Item<EndpointSlice> item) {
        EndpointSlice slice = item.object();
        List<String> keys = new ArrayList<>();
        if (!slice.service().isEmpty()) {
            keys.add(of(item.namespace(), slice.service()));
        }
        if (!slice.imported().isEmpty()) {
            keys.add(imported(item.namespace(), slice.imported()));
        }
        return keys;
    }

    static String of(String namespace, String service) {
        return namespace + "/" + service;
    }

    static String imported(String namespace, String service) {
        return namespace + "/imported/" + service;
    }
}
