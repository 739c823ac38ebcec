namespace Mimir.Router.Model.Credentials;

/// <summary>Where secrets are kept. Nothing is opened before it is asked for. Safe for any thread.</summary>
public interface ICredentialSource
{
    /// <summary>Full paths of the files it depends on, there or not: what a watcher looks at.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Reads all of them as they are now. What cannot be read is a fault in the answer and never an exception.</summary>
    CredentialSet Read();
}
