package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkHttpClientBuilder;

/**
 * Which endpoints a client may call: with Boot 4.1's {@code InetAddressFilter}, those it matches. It looks at what a name is
 * resolved to, and so never at an endpoint's address. Boot 4.0 has no such filter; the JDK's client, whose proxy selector
 * asks it of an address, is how both are asked in the same words.
 */
final class FilteredServices {

    /** A service has 100 selections, of which some are the user's. */
    private static final int MOST = 50;

    private final Map<HttpClientSettings, Rule> rules = new ConcurrentHashMap<>();

    /** The rule of a client's settings: one for each filter, however many clients have it. */
    Rule rule(HttpClientSettings settings) {
        HttpClientSettings bare =
                settings.withTimeouts(null, null).withRedirects(null).withSslBundle(null);
        if (bare.equals(HttpClientSettings.defaults())) {
            return Rule.ALL;
        }
        Optional<ProxySelector> asked = new JdkHttpClientBuilder().build(bare).proxy();
        if (asked.isEmpty() || asked.get().equals(ProxySelector.getDefault())) { // cookies, say
            return Rule.ALL;
        }
        if (rules.size() >= MOST && !rules.containsKey(bare)) {
            return Rule.NONE;
        }
        return rules.computeIfAbsent(bare, b -> matching(asked.get(), rules.size()));
    }

    private static Rule matching(ProxySelector filter, int before) {
        String word = before == 0 ? "inet-address-filter" : "inet-address-filter-" + (before + 1);
        return authority -> {
            try {
                Service allowed = authority.service().selecting(word, endpoint -> matches(filter, endpoint));
                return Optional.of(new Authority(allowed, authority.certain()));
            } catch (IllegalArgumentException | DiscoveryException noRoom) { // or closed: the client's own filter holds
                return Optional.empty();
            }
        };
    }

    private static boolean matches(ProxySelector filter, Endpoint endpoint) {
        try {
            filter.select(URI.create("http://" + endpoint.authority() + "/"));
            return true;
        } catch (RuntimeException refused) { // Boot's FilteredHostException, or a filter that could not tell
            return false;
        }
    }

    /** What is left of a service. */
    @FunctionalInterface
    interface Rule {
        Rule ALL = Optional::of;
        Rule NONE = authority -> Optional.empty();

        Optional<Authority> of(Authority authority);
    }
}
