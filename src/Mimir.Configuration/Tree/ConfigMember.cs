namespace Mimir.Configuration.Tree;

/// <summary>One named member of an object node.</summary>
/// <param name="Name">The key, unescaped.</param>
/// <param name="Mark">Where the key stands.</param>
/// <param name="Value">What it holds.</param>
public sealed record ConfigMember(string Name, ConfigMark Mark, ConfigNode Value)
{
    /// <summary>The name alone: values never reach a log by accident.</summary>
    public override string ToString() => Legible.Text(Name);
}
