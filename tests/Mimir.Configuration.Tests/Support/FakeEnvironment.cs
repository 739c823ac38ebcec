using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Tests.Support;

internal sealed class FakeEnvironment : IEnvironment
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public string? HomeDirectory { get; set; } = "/nonexistent/home";

    public string this[string name]
    {
        set => _variables[name] = value;
    }

    public IReadOnlyCollection<string> Names => _variables.Keys;

    public string? Get(string name) => _variables.GetValueOrDefault(name);
}
