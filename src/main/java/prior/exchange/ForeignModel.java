package prior.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.conf.ConfLoader;

/**
 * A model of PyTorch's, opened.
 *
 * @param format whose layout it has
 * @param files its tensors; whoever opened them closes them
 * @param prefix what our names have before the file's
 * @param entries those of the tensors that are the prior's, under the file's names
 * @param settings what files and shapes say, the later counts
 * @param unknown keys that neither says
 * @param facts the foreign configuration, kept for the way back, and the CLIP's name where told
 */
record ForeignModel(
    Format format,
    TensorFiles files,
    String prefix,
    List<TensorEntry> entries,
    List<ConfLoader.Source> settings,
    List<String> unknown,
    Map<String, String> facts) {
  /** The fact that names the CLIP model. */
  static final String CLIP = "clip";

  /** The facts that hold the foreign configuration. */
  static final String CONFIG = "source_config";

  static final String SCHEDULER = "source_scheduler";

  /** The entries under our names. */
  List<TensorEntry> renamed() {
    return entries.stream()
        .map(
            entry ->
                new TensorEntry(
                    prefix + entry.name(), entry.type(), entry.shape(), entry.begin(), entry.end()))
        .toList();
  }

  /** The settings, with the unknown ones open: whoever loads them is told which to set. */
  List<ConfLoader.Source> settingsToComplete() {
    List<ConfLoader.Source> sources = new ArrayList<>(settings);
    if (!unknown.isEmpty()) {
      sources.add(
          new ConfLoader.Source(
              files.file() + " (what it does not tell is --config's or --set's to tell)",
              String.join(" = null\n", unknown) + " = null\n"));
    }
    return sources;
  }
}
