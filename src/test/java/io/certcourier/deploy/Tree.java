package io.certcourier.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Everything under deploy/kubernetes, and what kubectl makes of it. */
final class Tree {

    static final Path ROOT = Path.of("deploy/kubernetes");

    private Tree() {
    }

    /** Folders with a kustomization: the base, the components, the overlays. */
    static List<Path> folders() throws IOException {
        return files().filter(file -> file.endsWith("kustomization.yaml")).map(Path::getParent).toList();
    }

    static List<Path> components() throws IOException {
        return folders().stream().filter(folder -> folder.getParent().endsWith("components")).toList();
    }

    static List<Path> overlays() throws IOException {
        return folders().stream().filter(folder -> folder.getParent().endsWith("overlays")).toList();
    }

    static Stream<Path> yaml() throws IOException {
        return files().filter(file -> file.toString().endsWith(".yaml"));
    }

    static Stream<Path> files() throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    static JsonNode kustomization(Path folder) throws IOException {
        return Yaml.document(folder.resolve("kustomization.yaml"));
    }

    /** Paths that a kustomization names, relative to its folder. */
    static List<String> references(Path folder) throws IOException {
        var kustomization = kustomization(folder);
        var paths = new ArrayList<String>();
        for (var list : List.of("resources", "components")) {
            kustomization.path(list).forEach(path -> paths.add(path.asText()));
        }
        kustomization.path("patches").forEach(patch -> paths.add(patch.path("path").asText()));
        kustomization.path("configMapGenerator").forEach(map -> map.path("files").forEach(file -> paths.add(file.asText())));
        paths.removeIf(String::isEmpty);
        return paths;
    }

    /** The document without what only kustomize reads, so that the API's models can judge the rest. */
    static JsonNode withoutDirectives(JsonNode document) {
        if (document instanceof ObjectNode object) {
            object.remove("$patch");
        }
        document.forEach(Tree::withoutDirectives);
        return document;
    }

    /** Skips the calling test where no kubectl with a kustomize of our time is installed; Debian's own is too old. */
    static void assumeKubectl() throws IOException, InterruptedException {
        Tool.assumeInstalled("kubectl");
        var version = Tool.run("kubectl", "version", "--client").output();
        org.junit.jupiter.api.Assumptions.assumeTrue(version.matches("(?s).*Kustomize Version: v[5-9].*"),
                () -> "this kubectl has no kustomize 5, so overlays are checked file by file only: " + version);
    }

    /** The base with components, built by kubectl. */
    static List<JsonNode> built(List<Path> components) throws IOException, InterruptedException {
        var name = String.join("-", components.stream().map(path -> path.getFileName().toString()).toList());
        var folder = Files.createDirectories(Path.of("target/kustomize", name));
        var lines = new StringBuilder("resources: [../../../" + Manifests.BASE + "]\ncomponents:\n");
        components.forEach(component -> lines.append("  - ../../../" + component + "\n"));
        Files.writeString(folder.resolve("kustomization.yaml"), lines);
        return built(folder);
    }

    static List<JsonNode> built(Path folder) throws IOException, InterruptedException {
        var result = Tool.run("kubectl", "kustomize", folder.toString());
        if (result.exitCode() != 0) {
            throw new IOException(result.output());
        }
        return Yaml.documents(result.output());
    }

    /** The only document of a kind and name. */
    static JsonNode find(List<JsonNode> documents, String kind, String name) {
        var found = documents.stream().filter(document -> document.path("kind").asText().equals(kind)
                && document.at("/metadata/name").asText().equals(name)).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " documents are " + kind + " " + name);
        }
        return found.get(0);
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
