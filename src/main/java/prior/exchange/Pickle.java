package prior.exchange;

import java.io.IOException;
import prior.checkpoint.Location;
import prior.data.ByteSource;
import prior.data.DataFaults;
import prior.fault.UserFault;

/**
 * Python's pickles, which {@code torch.save} writes: reading one runs what it says, so none is
 * read. Told by their first bytes, whatever the file is called.
 */
final class Pickle {
  private static final int START = 9;

  private Pickle() {}

  /** Refuses a pickle with the Python that makes a safetensors file of it. */
  static void refuse(Location file) {
    byte[] start = start(file);
    if (start.length < START || start[START - 1] == '{') {
      return; // too short, or a safetensors header behind its length
    }
    if (start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
      throw refusal(file, "a zip of pickles");
    }
    if (start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5) {
      throw refusal(file, "a pickle of protocol " + start[1]);
    }
  }

  private static byte[] start(Location file) {
    try (ByteSource source = file.open()) {
      byte[] start = new byte[(int) Math.min(START, source.length())];
      source.readFully(0, start, 0, start.length);
      return start;
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
  }

  private static UserFault refusal(Location file, String found) {
    String name = file.name().replaceAll("[\"\\\\\\p{Cntrl}]", "_");
    return DataFaults.unreadable(
        file.toString(),
        "reading it could run code",
        "safetensors",
        found
            + "; where PyTorch is, this makes safetensors of it:\n"
            + """
              import torch, safetensors.torch
              saved = torch.load("%s", map_location="cpu", weights_only=True)
              safetensors.torch.save_file({k: v.clone() for k, v in saved.get("model", saved).items()}, "%s.safetensors")
            which can be imported
            """
                .formatted(name, name.replaceFirst("\\.[^.]*$", ""))
                .stripTrailing());
  }
}
