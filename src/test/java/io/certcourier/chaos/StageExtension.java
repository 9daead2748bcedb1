package io.certcourier.chaos;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands every test of the run the same stage, and closes it when the run is over. */
final class StageExtension implements ParameterResolver, AfterEachCallback {

    private static Stage stage(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.create(StageExtension.class))
                .computeIfAbsent(Stage.class, type -> new Stage(), Stage.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stage.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return stage(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stage(context).emptyCloud();
    }
}
