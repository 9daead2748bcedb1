package io.certcourier.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What Linux tells of processes and of the machine. */
final class Machine {

    /** Of the times in /proc: 100 on every platform that Linux runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private Machine() {
    }

    /** CPU time that a process has used; 0 if there is none of that id. */
    static double cpuSeconds(long pid) {
        var fields = stat(pid);
        return fields == null ? 0 : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** The same with its children, those that have ended included. */
    static double cpuSecondsOfFamily(long pid) {
        var fields = stat(pid);
        double ended = fields == null ? 0 : (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
        return cpuSeconds(pid) + ended + ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children)
                .mapToDouble(child -> cpuSeconds(child.pid())).sum();
    }

    static long parent(long pid) {
        return Long.parseLong(stat(pid)[1]);
    }

    /** The fields after the name, which may hold blanks; null if there is no such process. */
    private static String[] stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException gone) {
            return null;
        }
    }

    /** Resident memory of a process in MiB. */
    static double residentMiB(long pid) {
        return lines(Path.of("/proc", Long.toString(pid), "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum() / 1024.0;
    }

    /** CPU time that all processes of the machine have used. */
    static double busySeconds() {
        var times = Arrays.stream(lines(Path.of("/proc/stat")).get(0).split(" +")).skip(1).mapToLong(Long::parseLong)
                .toArray();
        return (times[0] + times[1] + times[2] + times[5] + times[6]) / TICKS_PER_SECOND;
    }

    /** For the reader of a report. */
    static String line() {
        String processor = lines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2)).findFirst().orElse("unknown processor");
        return "%d × %s, %s %s, Java %s".formatted(Runtime.getRuntime().availableProcessors(), processor,
                System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("java.version"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
