using Mimir.Cli.Hosting;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Secrets in memory.</summary>
internal sealed class FakeSecrets : ISecretStore
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SecretRow> Rows { get; set; } = [];

    public IReadOnlyList<SecretRow> List(Action<string> say) => Rows;

    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        Values[name] = value;
        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Values.Remove(name));
}
