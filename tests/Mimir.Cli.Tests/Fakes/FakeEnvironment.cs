using Mimir.Configuration.Sources;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Variables that only the test sees.</summary>
internal sealed class FakeEnvironment : IEnvironment
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public string? HomeDirectory => "/nonexistent/home";

    public IReadOnlyCollection<string> Names => _variables.Keys;

    public string this[string name]
    {
        set => _variables[name] = value;
    }

    public string? Get(string name) => _variables.GetValueOrDefault(name);
}
