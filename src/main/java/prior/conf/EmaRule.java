package prior.conf; public enum EmaRule { A, B }
