package io.certcourier.renewal;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

/** How the worker's loop is: what probes may know of it. */
@ApplicationScoped
public class WorkerStatus {

    private final RenewalWorker worker;

    WorkerStatus(RenewalWorker worker) {
        this.worker = worker;
    }

    /** True once the loop runs; accounts and budgets are set up by then. */
    public boolean begun() {
        return worker.begun();
    }

    /** Time since the loop last went round; minutes of silence mean that it hangs. A database that is away causes none. */
    public Duration silence() {
        return worker.silence();
    }

    /** True from the moment the process was asked to stop: nothing new is claimed. */
    public boolean draining() {
        return worker.draining();
    }
}
