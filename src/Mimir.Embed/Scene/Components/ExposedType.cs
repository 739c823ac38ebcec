namespace Mimir.Embed.Scene.Components;

/// <summary>What is shown of a type.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Members">The members.</param>
internal sealed record ExposedType(string Name, IReadOnlyList<ExposedMember> Members);
