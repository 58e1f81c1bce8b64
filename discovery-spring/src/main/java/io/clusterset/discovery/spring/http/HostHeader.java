package io.clusterset.discovery.spring.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code Host} with the logical name, where the URL has an address. The JDK's client refuses to be told, unless a system property allows it. */
final class HostHeader {

    /** Read once by the JDK, and once by Spring's request for its client. */
    static final String PROPERTY = "jdk.httpclient.allowRestrictedHeaders";

    private static final Logger LOG = LoggerFactory.getLogger(HostHeader.class);

    /** Not at once: while an environment is made, Boot logs nothing. */
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private HostHeader() {}

    /** As RFC 9110 section 7.2 has it: the authority of the URL as it says it, without user information. */
    static String of(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /**
     * Adds {@code host} to what the system property allows, unless the JDK has read it already: then Spring must not learn that it
     * may send what the JDK refuses. Idempotent.
     */
    static void allow() {
        String before = System.getProperty(PROPERTY);
        String after = with(before);
        if (after.equals(before)) {
            return;
        }
        System.setProperty(PROPERTY, after);
        if (isAllowed()) {
            return;
        } else if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    /** Whether the JDK's client may be told; to be asked once {@link #allow} was called. */
    static boolean isAllowed() {
        return Jdk.ALLOWS;
    }

    /** The same; says so once, if not. */
    static boolean isAllowedOrSaid() {
        if (!isAllowed() && TOLD.compareAndSet(false, true)) {
            LOG.warn(
                    "The JDK's HTTP client was used before discovery could allow it to send Host: endpoints see their own address there, not the service's name (expected: -D{}=host, or another HTTP client)",
                    PROPERTY);
        }
        return isAllowed();
    }

    /** The property's value with {@code host} in it. */
    static String with(@Nullable String before) {
        if (before == null || before.isBlank()) {
            return "host";
        }
        boolean there = Arrays.stream(before.split(",", -1))
                .anyMatch(name -> name.strip().equalsIgnoreCase("host"));
        return there ? before : before + ",host";
    }

    /** Asked once, since the answer never changes. */
    private static final class Jdk {
        static final boolean ALLOWS = allows();

        private Jdk() {}

        private static boolean allows() {
            try {
                HttpRequest.newBuilder(URI.create("http://orders.shop/")).header("Host", "orders.shop");
                return true;
            } catch (IllegalArgumentException restricted) {
                return false;
            } catch (LinkageError none) { // a JDK without it
                return true;
            }
        }
    }
}
