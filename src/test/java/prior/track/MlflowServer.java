package prior.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of an MLflow server as a run needs, answering in the words of MLflow's REST API 2.0. It
 * notes what it is asked.
 */
public final class MlflowServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A request's path below /api/2.0/mlflow and its body. */
  record Request(String path, JsonNode body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Long> latest = new TreeMap<>();
  private boolean experiment;
  private boolean run;
  private volatile boolean hangs;

  public MlflowServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/2.0/mlflow/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on takes requests and answers none. */
  public MlflowServer hanging() {
    hangs = true;
    return this;
  }

  List<Request> requests() {
    return requests;
  }

  /** The bodies of the requests of a path. */
  List<JsonNode> bodies(String path) {
    return requests.stream().filter(r -> r.path().equals(path)).map(Request::body).toList();
  }

  /** Steps of a metric in the order they came. */
  public List<Long> steps(String metric) {
    List<Long> steps = new ArrayList<>();
    for (JsonNode batch : bodies("runs/log-batch")) {
      for (JsonNode logged : batch.path("metrics")) {
        if (logged.path("key").asText().equals(metric)) {
          steps.add(logged.path("step").asLong());
        }
      }
    }
    return steps;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (hangs) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    String path = exchange.getRequestURI().getPath().substring("/api/2.0/mlflow/".length());
    JsonNode body = JSON.readTree(text.isEmpty() ? "{}" : text);
    String answer;
    synchronized (this) {
      requests.add(new Request(path, body));
      answer = answer(path, body);
    }
    byte[] bytes =
        (answer == null
                ? "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}"
                : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Null for what is not there. */
  private String answer(String path, JsonNode body) throws IOException {
    switch (path) {
      case "experiments/get-by-name":
        return experiment ? "{\"experiment\": {\"experiment_id\": \"4\"}}" : null;
      case "experiments/create":
        experiment = true;
        return "{\"experiment_id\": \"4\"}";
      case "runs/create":
        run = true;
        return "{\"run\": {\"info\": {\"run_id\": \"abc\", \"run_uuid\": \"abc\"}}}";
      case "runs/get":
        return run
            ? "{\"run\": {\"info\": {\"run_id\": \"abc\"}, \"data\": " + data() + "}}"
            : null;
      case "runs/log-batch":
        body.path("metrics")
            .forEach(m -> latest.merge(m.path("key").asText(), m.path("step").asLong(), Math::max));
        return "{}";
      default:
        return "{}";
    }
  }

  private String data() throws IOException {
    List<Map<String, Object>> metrics = new ArrayList<>();
    latest.forEach((key, step) -> metrics.add(Map.of("key", key, "value", 1.0, "step", step)));
    return JSON.writeValueAsString(Map.of("metrics", metrics));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
