package io.clusterset.discovery.spring.http;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;

/** What there is to say to the JDK's client: it takes the {@code Host} it was told to wherever it is redirected. */
final class JdkSending {

    private JdkSending() {}

    static Sending with(JdkClientHttpRequestFactoryBuilder jdk, HttpClientSettings settings) {
        AtomicReference<HttpClient.Redirect> policy = new AtomicReference<>(HttpClient.Redirect.NEVER);
        AtomicReference<@Nullable ProxySelector> proxies = new AtomicReference<>();
        ClientHttpRequestFactory factory = jdk.withHttpClientCustomizer(client -> {
                    HttpClient said = client.build(); // builders don't tell
                    policy.set(said.followRedirects());
                    proxies.set(said.proxy().filter(JdkSending::isTheirs).orElse(null));
                    client.followRedirects(HttpClient.Redirect.NEVER);
                })
                .build(settings);
        HttpClient.Redirect said = policy.get();
        return new RewrittenSending(
                factory,
                new Redirects(method -> said != HttpClient.Redirect.NEVER, said == HttpClient.Redirect.ALWAYS),
                HostHeader.isAllowedOrSaid(),
                proxies.get());
    }

    /** Boot's filter of addresses is a selector, too: it resolves the names it is asked about, and has the process's proxies. */
    private static boolean isTheirs(ProxySelector selector) {
        return !selector.getClass().getPackageName().equals(JdkClientHttpRequestFactoryBuilder.class.getPackageName());
    }
}
