using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Tests.Support;

/// <summary>A vault in memory that counts who asks.</summary>
internal sealed class FakeVault : ICredentialSource
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public int Reads { get; private set; }

    public CredentialFault? Fault { get; set; }

    public IReadOnlyList<string> Files { get; set; } = ["/nonexistent/vault"];

    public string this[string name]
    {
        set => _values[name] = value;
    }

    public CredentialSet Read()
    {
        Reads++;
        return Fault is null ? new CredentialSet(new Dictionary<string, string>(_values, StringComparer.Ordinal)) : new CredentialSet(Fault);
    }
}
