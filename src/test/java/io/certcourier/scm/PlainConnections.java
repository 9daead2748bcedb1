package io.certcourier.scm;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import org.jboss.resteasy.reactive.client.impl.ClientBuilderImpl;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.impl.UniInvoker;

/**
 * The engine of the Quarkus REST client without Quarkus, whose build would generate the code behind ScmApi: here a proxy reads
 * the annotations. (No class may implement ScmApi, or Quarkus takes it for a resource of the server.)
 */
final class PlainConnections implements ScmConnections, AutoCloseable {

    private final Duration callDeadline;
    private final List<Client> clients = new ArrayList<>();

    PlainConnections(Duration callDeadline) {
        this.callDeadline = callDeadline;
    }

    @Override
    public ScmApi open(ScmAccount account) {
        ClientBuilderImpl builder = new ClientBuilderImpl();
        builder.connectTimeout(HttpLimits.connectTimeout(callDeadline).toMillis(), TimeUnit.MILLISECONDS);
        builder.readTimeout(HttpLimits.readTimeout(callDeadline).toMillis(), TimeUnit.MILLISECONDS);
        builder.property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, HttpLimits.CONNECTIONS);
        builder.clientOptionsCustomizer(options -> HttpLimits.tlsHandshake(options, callDeadline));
        builder.clientRequestCustomizer(HttpLimits::boundAnswer);
        builder.register(new SigningFilter(account));
        Client client = builder.build();
        clients.add(client);
        WebTarget root = client.target(account.endpoint()).path(ScmApi.class.getAnnotation(Path.class).value());
        return (ScmApi) Proxy.newProxyInstance(ScmApi.class.getClassLoader(), new Class<?>[] { ScmApi.class },
                (proxy, method, arguments) -> call(root, method, arguments));
    }

    private static Object call(WebTarget root, Method method, Object[] arguments) {
        WebTarget target = method.isAnnotationPresent(Path.class) ? root.path(method.getAnnotation(Path.class).value()) : root;
        Entity<?> body = null;
        for (int i = 0; i < arguments.length; i++) {
            Annotation[] annotations = method.getParameterAnnotations()[i];
            if (annotations.length == 0) {
                body = Entity.entity(arguments[i], MediaType.APPLICATION_JSON);
            } else if (annotations[0] instanceof PathParam name) {
                target = target.resolveTemplate(name.value(), arguments[i]);
            } else if (annotations[0] instanceof QueryParam name) {
                target = target.queryParam(name.value(), arguments[i]);
            }
        }
        return target.request().property(RestClientRequestContext.INVOKED_METHOD_PROP, method).rx(UniInvoker.class)
                .method(method.isAnnotationPresent(GET.class) ? "GET" : "POST", body, Response.class);
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }
}
