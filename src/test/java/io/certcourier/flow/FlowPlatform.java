package io.certcourier.flow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Starts the platform once for all flow tests, and hands it to the fields that ask for it. */
public class FlowPlatform implements QuarkusTestResourceLifecycleManager {

    /** Marks a field of type {@link Flow}. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Started {
    }

    private Platform platform;
    private Flow flow;

    @Override
    public Map<String, String> start() {
        platform = Platform.start(Path.of("target", "flow"));
        flow = new Flow(platform);
        var configuration = new LinkedHashMap<>(platform.configuration());
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        return configuration;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(flow, new TestInjector.AnnotatedAndMatchesType(Started.class, Flow.class));
    }

    @Override
    public void stop() {
        flow.close();
        platform.close();
    }
}
