package io.certcourier.ops;

import java.util.List;

/** A parameter of a request that says nothing we could look for. */
final class BadParameter extends RuntimeException {

    private final String parameter;
    private final transient List<String> allowed;

    /**
     * @param sentence what it must be; never what it was
     * @param allowed the values it can have; empty if they cannot be counted
     */
    BadParameter(String parameter, String sentence, List<String> allowed) {
        super(sentence, null, false, false);
        this.parameter = parameter;
        this.allowed = List.copyOf(allowed);
    }

    Problem.Violation violation() {
        return new Problem.Violation(parameter, getMessage(), allowed.isEmpty() ? null : allowed);
    }
}
