namespace Mimir.Configuration.Sources;

/// <summary>The environment this process was started with.</summary>
public sealed class ProcessEnvironment : IEnvironment
{
    /// <summary>The one instance.</summary>
    public static readonly ProcessEnvironment Instance = new();

    private ProcessEnvironment()
    {
    }

    /// <inheritdoc/>
    public string? HomeDirectory => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : null;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()];

    /// <inheritdoc/>
    public string? Get(string name) => Environment.GetEnvironmentVariable(name);
}
