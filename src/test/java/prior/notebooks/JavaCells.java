package prior.notebooks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** A Java kernel without Jupyter: JShell in this process, with the tests' class path. */
final class JavaCells implements AutoCloseable {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final JShell shell;

  JavaCells() {
    shell =
        JShell.builder()
            .executionEngine("local")
            .compilerOptions("-proc:none", "-classpath", System.getProperty("java.class.path"))
            .build();
  }

  /** Runs cells; the first that does not compile or throws fails. Returns what they printed. */
  String run(List<String> cells) throws Exception {
    PrintStream out = System.out;
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(capture);
    try {
      scala.Console.withOut(capture, () -> eachCell(cells)); // where Dataset.show prints
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private Void eachCell(List<String> cells) {
    cells.forEach(this::cell);
    return null;
  }

  private void cell(String cell) {
    CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(cell);
    while (next.completeness().isComplete()) {
      evaluate(next.source().strip()); // "\n import static X.*" would empty all variables
      if (next.remaining().isBlank()) {
        return;
      }
      next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
    }
    throw new AssertionError("incomplete Java: " + next.remaining() + "\nin cell\n" + cell);
  }

  /** The value of an expression, as JShell shows it. */
  String value(String expression) {
    return evaluate(expression);
  }

  double number(String expression) {
    return Double.parseDouble(evaluate(expression));
  }

  private String evaluate(String source) {
    String value = null;
    for (SnippetEvent event : shell.eval(source)) {
      if (event.exception() != null) {
        throw new AssertionError(said(event.exception()) + "\nof\n" + source, event.exception());
      }
      if (event.causeSnippet() == null && event.status() != Snippet.Status.VALID) {
        StringBuilder problems = new StringBuilder();
        shell.diagnostics(event.snippet()).forEach(d -> problems.append(d.getMessage(null)));
        throw new AssertionError(event.status() + " " + problems + "\nof\n" + source);
      }
      value = event.causeSnippet() == null ? event.value() : value;
    }
    return value;
  }

  private static String said(Exception thrown) {
    return thrown instanceof EvalException e
        ? e.getExceptionClassName() + ": " + e.getMessage()
        : thrown.toString();
  }

  /** JShell gives its thread a class loader of its own. */
  @Override
  public void close() {
    shell.close();
    Thread.currentThread().setContextClassLoader(before);
  }
}
