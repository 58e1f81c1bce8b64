package io.clusterset.discovery.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The head of a request, as far as a fake needs it.
 *
 * @param path without the query
 * @param query what comes behind the question mark, as it was sent; empty without one
 * @param authorization the value of that header, empty without one
 * @param length of the body, in bytes; -1 if it is not known beforehand
 */
record HttpRequest(
        String method,
        String path,
        String query,
        String authorization,
        boolean keepAlive,
        boolean expectsContinue,
        long length) {

    /** What is answered if nothing could be read. */
    static final HttpRequest UNREADABLE = new HttpRequest("GET", "/", "", "", false, false, 0);

    /**
     * Reads a request line and headers.
     *
     * @throws IllegalArgumentException if it is not HTTP/1
     */
    static HttpRequest parse(byte[] head, int size) {
        String[] lines = new String(head, 0, size, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        String[] start = lines[0].split(" ", -1);
        if (start.length != 3 || !start[2].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException("not a request line of HTTP/1");
        }
        boolean keepAlive = start[2].equals("HTTP/1.1");
        boolean expectsContinue = false;
        String authorization = "";
        long length = 0;
        for (String line : lines) {
            String header = line.toLowerCase(Locale.ROOT).replace(" ", "").replace("\t", "");
            if (header.startsWith("content-length:") && length == 0) {
                length = length(header.substring(header.indexOf(':') + 1));
            } else if (header.startsWith("transfer-encoding:")) {
                length = -1;
            } else if (header.startsWith("connection:")) {
                keepAlive = header.contains("keep-alive") || (keepAlive && !header.contains("close"));
            } else if (header.startsWith("authorization:")) {
                authorization = line.substring(line.indexOf(':') + 1).trim();
            } else if (header.equals("expect:100-continue")) {
                expectsContinue = true;
            }
        }
        String target = start[1];
        return new HttpRequest(
                start[0], path(target), query(target), authorization, keepAlive, expectsContinue, length);
    }

    private static long length(String digits) {
        long length = Long.parseLong(digits);
        if (length < 0) {
            throw new IllegalArgumentException("negative length");
        }
        return length;
    }

    private static String query(String target) {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int scheme = path.indexOf("://");
        if (scheme < 0) {
            return path;
        }
        int slash = path.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : path.substring(slash);
    }
}
