using Mimir.Embed.Attributes;

namespace Mimir.Embed.Resources;

/// <summary>A resource, or a template of many: what is told of it, and how it is read.</summary>
/// <param name="Uri">Its address, e.g. <c>game://score</c>. With variables in braces it is a template: <c>{name}</c> is a part without a slash, <c>{+name}</c> one with any. At most 2048 characters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Read">Reads it. Throws <see cref="KeyNotFoundException"/> when there is nothing at that address.</param>
public sealed record ResourceDefinition(string Uri, string Name, Func<ResourceRequest, ValueTask<ResourceBody>> Read)
{
    /// <summary>Its name for people; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>What it is, for the model; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>What its content is, e.g. <c>application/json</c>; null when that is not known before it is read.</summary>
    public string? MimeType { get; init; }

    /// <summary>Where it is read. Default on the main thread.</summary>
    public RunOn RunOn { get; init; }

    /// <summary>Longest time a read may take; null for that of calls of the host.</summary>
    public TimeSpan? Timeout { get; init; }
}
