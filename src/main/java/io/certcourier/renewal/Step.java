package io.certcourier.renewal;

import java.util.List;

import io.certcourier.renewal.Claim.TargetRow;

/**
 * All that one step found out.
 *
 * @param calls how its calls went
 * @param targets every target after the calls; empty for a step without pushes
 * @param next what follows
 */
record Step(List<CallResult> calls, List<TargetRow> targets, Next next) {

    static Step of(CallResult call, Next next) {
        return new Step(List.of(call), List.of(), next);
    }
}
