package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.page.DiscoveryPage;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.RequestPath;
import org.springframework.web.server.WebFilter;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Sets the {@link PageHeaders} in the context of the actuator's port, which may be one of its own. There are none if the application
 * has no discovery.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnClass(DiscoveryPage.class)
@ConditionalOnAvailableEndpoint(endpoint = DiscoveryPageEndpoint.class)
final class PageHeadersConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class OfServlets {

        @Bean
        Filter discoveryPageHeadersFilter(ObjectProvider<PageHeaders> headers) {
            return (request, response, chain) -> {
                if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answer) {
                    headers.ifAvailable(known -> known.of(path(asked)).forEach(answer::setHeader));
                }
                chain.doFilter(request, response);
            };
        }

        /** As the dispatcher servlet will have it, wherever that is mounted. */
        private static RequestPath path(HttpServletRequest request) {
            if (ServletRequestPathUtils.hasParsedRequestPath(request)) {
                return ServletRequestPathUtils.getParsedRequestPath(request);
            }
            RequestPath path = ServletRequestPathUtils.parseAndCache(request);
            ServletRequestPathUtils.clearParsedRequestPath(request); // who comes after finds what it would have found
            return path;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class OfWebFlux {

        @Bean
        WebFilter discoveryPageHeadersFilter(ObjectProvider<PageHeaders> headers) {
            return (exchange, chain) -> {
                headers.ifAvailable(known -> known.of(exchange.getRequest().getPath())
                        .forEach(exchange.getResponse().getHeaders()::set));
                return chain.filter(exchange);
            };
        }
    }
}
