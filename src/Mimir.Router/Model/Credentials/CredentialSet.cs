namespace Mimir.Router.Model.Credentials;

/// <summary>Secrets by name, or why there are none. Immutable; shows no value.</summary>
public sealed class CredentialSet
{
    private readonly IReadOnlyDictionary<string, string> _values;

    /// <summary>What was read.</summary>
    /// <param name="values">The secrets by name; not changed afterwards.</param>
    public CredentialSet(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values;
    }

    /// <summary>Why nothing could be read.</summary>
    /// <param name="fault">What is wrong, and what to do.</param>
    public CredentialSet(CredentialFault fault)
        : this(new Dictionary<string, string>(StringComparer.Ordinal)) => Fault = fault;

    /// <summary>Why nothing could be read; null when all is well.</summary>
    public CredentialFault? Fault { get; }

    /// <summary>The names, in no order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Finds a value.</summary>
    /// <returns>Null when there is none of that name.</returns>
    public string? Find(string name) => _values.TryGetValue(name, out var value) ? value : null;

    /// <summary>How many there are; never which, and never a value.</summary>
    public override string ToString() => Fault is null ? $"{_values.Count} secrets" : "unreadable";
}
