package io.certcourier.ops;

import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.info.runtime.spi.InfoContributor;
import io.quarkus.runtime.ApplicationConfig;

/** Says at /q/info of the management port which build runs, in the words of certcourier.build.info. */
@ApplicationScoped
class BuildInfo implements InfoContributor {

    private final Map<String, Object> build;

    BuildInfo(ApplicationConfig application, OpsConfig config) {
        this.build = Map.of("version", application.version().orElse("unknown"), "revision", config.revision());
    }

    @Override
    public String name() {
        return "build";
    }

    @Override
    public Map<String, Object> data() {
        return build;
    }
}
