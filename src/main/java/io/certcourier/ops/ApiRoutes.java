package io.certcourier.ops;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

/** Which methods each path of the API knows, read from the resources themselves. */
@ApplicationScoped
class ApiRoutes {

    private final List<Route> routes;

    private record Route(Pattern path, String method) {

        static Stream<Route> of(Class<?> resource) {
            return Arrays.stream(resource.getMethods()).flatMap(method -> httpMethods(method)
                    .map(name -> new Route(pattern(resource.getAnnotation(Path.class), method.getAnnotation(Path.class)),
                            name)));
        }

        private static Stream<String> httpMethods(Method method) {
            return Arrays.stream(method.getAnnotations()).map(Annotation::annotationType)
                    .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                    .map(type -> type.getAnnotation(HttpMethod.class).value());
        }

        private static Pattern pattern(Path resource, Path method) {
            String path = resource.value() + (method == null ? "" : "/" + method.value());
            return Pattern
                    .compile(Arrays.stream(path.split("/+")).map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                            .collect(Collectors.joining("/")) + "/?");
        }
    }

    @Inject
    ApiRoutes(BeanManager beans) {
        this(beans.getBeans(Object.class, Any.Literal.INSTANCE).stream().map(bean -> bean.getBeanClass())
                .filter(type -> type.isAnnotationPresent(Path.class)).collect(Collectors.toSet()));
    }

    ApiRoutes(Set<Class<?>> resources) {
        routes = resources.stream().flatMap(Route::of).toList();
    }

    /** In the order of the alphabet; HEAD goes with GET. */
    Set<String> methods(String path) {
        var methods = routes.stream().filter(route -> route.path().matcher(path).matches()).map(Route::method)
                .collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
