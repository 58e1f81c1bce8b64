package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.model.Addresses;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;

/** The endpoint that a cookie of the request names, by {@link EndpointInstance#getInstanceId}. */
final class StickyCookie {

    private static final int LONGEST = 400; // a name and an address

    private StickyCookie() {}

    static Optional<InetSocketAddress> of(RequestData data, String name) {
        if (!StringUtils.hasText(name)) {
            return Optional.empty();
        }
        HttpHeaders headers = Objects.requireNonNullElseGet(data.getHeaders(), HttpHeaders::new);
        MultiValueMap<String, String> cookies = data.getCookies();
        return Stream.concat(
                        headers.getOrEmpty(HttpHeaders.COOKIE).stream()
                                .flatMap(line -> Stream.of(line.split(";"))) // Spring takes a line for one cookie
                                .map(String::strip)
                                .filter(cookie -> cookie.startsWith(name + "="))
                                .map(cookie -> cookie.substring(name.length() + 1)),
                        cookies == null ? Stream.<String>empty() : Stream.ofNullable(cookies.getFirst(name)))
                .flatMap(value -> address(value).stream())
                .findFirst();
    }

    private static Optional<InetSocketAddress> address(String value) {
        String id = value.replace("\"", "");
        int slash = id.lastIndexOf('/');
        if (slash < 0 || id.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(Addresses.parse(id.substring(slash + 1)));
        } catch (IllegalArgumentException somebodyElses) {
            return Optional.empty();
        }
    }
}
