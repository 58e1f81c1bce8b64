package io.clusterset.discovery.kubernetes;

import java.util.List;

/**
 * A part of a list.
 *
 * @param version of the list
 * @param next asks for the next part; empty in the last one
 * @param skipped how many objects made no sense
 */
record Page<T>(List<Item<T>> items, String version, String next, int skipped) {

    Page {
        items = List.copyOf(items);
    }
}
