namespace Mimir.Configuration.Sources;

/// <summary>What the configuration may know of the process around it. Injected, so that tests need not change the real one.</summary>
public interface IEnvironment
{
    /// <summary>The user's home folder, full path; null when there is none.</summary>
    string? HomeDirectory { get; }

    /// <summary>The names of all environment variables, in no order.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Reads an environment variable.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or null when it is not set.</returns>
    string? Get(string name);
}
