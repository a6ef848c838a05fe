package prior.doctor;

import java.io.IOException;
import java.util.UUID;
import prior.checkpoint.Location;
import prior.fault.UserFault;

/** A file can be written in a folder, and taken away again. */
final class WriteAccess {
  private WriteAccess() {}

  static Finding finding(String subject, Location folder) {
    try {
      if (!folder.isFolder()) {
        return Finding.fix(
            subject,
            UserFault.storage(
                "expected a folder, found none at %s; make it, or name the one it will lie in"
                    .formatted(folder),
                null));
      }
      Location probe = folder.child(".doctor-" + UUID.randomUUID());
      probe.write(out -> out.write(1));
      probe.delete();
      return Finding.ok(subject, folder + " can be written");
    } catch (IOException e) {
      return Finding.fix(
          subject,
          UserFault.storage(
              "expected to write in %s, found %s; correct its owner, mode or free space"
                  .formatted(folder, e),
              e));
    } catch (UserFault e) {
      return Finding.fix(subject, e);
    }
  }
}
