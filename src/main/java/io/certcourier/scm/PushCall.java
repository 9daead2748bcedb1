package io.certcourier.scm;

import java.util.List;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;

/**
 * One push request.
 *
 * @param operation PUSH (exactly one target) or BATCH_PUSH (1 to 10 targets)
 * @param targets all of this service
 */
public record PushCall(ScmOperation operation, TargetService service, List<Target> targets) {
}
