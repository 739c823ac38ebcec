using Mimir.Embed.Attributes;
using Mimir.Embed.Calls;
using Mimir.Embed.Completions;
using Mimir.Embed.Resources;
using Mimir.Embed.Subscriptions;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>The resources of a host. They come and go while it runs, and clients are told.</summary>
public sealed class ResourceTable
{
    private readonly Func<CallSettings> _settings;
    private readonly SubscriberTable _subscribers;

    internal ResourceTable(Func<CallSettings> settings, SubscriberTable subscribers)
    {
        _settings = settings;
        _subscribers = subscribers;
    }

    /// <summary>The addresses and templates, in no order.</summary>
    public IReadOnlyCollection<string> Uris => [.. Collection.PrimitiveNames];

    internal McpServerResourceCollection Collection { get; } = [];

    /// <summary>Adds a resource or a template.</summary>
    /// <exception cref="ArgumentException">Its address is none, or is taken.</exception>
    public void Add(ResourceDefinition resource)
    {
        if (string.IsNullOrWhiteSpace(resource.Name)) throw new ArgumentException($"The resource {resource.Uri} has no name.");
        if (!Collection.TryAdd(new EmbeddedResource(resource, new UriPattern(resource.Uri), _settings()))) throw new ArgumentException($"There is a resource {resource.Uri} already.");
    }

    /// <summary>Adds a resource.</summary>
    /// <param name="uri">Its address, e.g. <c>game://score</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is, for the model.</param>
    /// <param name="mimeType">What its content is.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="runOn">Where it is read.</param>
    /// <exception cref="ArgumentException">The address is none, or is taken.</exception>
    public void Add(string uri, string name, string description, string mimeType, Func<ResourceRequest, ValueTask<ResourceBody>> read, RunOn runOn = RunOn.Main) =>
        Add(new ResourceDefinition(uri, name, read) { Description = description, MimeType = mimeType, RunOn = runOn });

    /// <summary>Adds a resource that is text.</summary>
    /// <param name="uri">Its address, e.g. <c>game://score</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is, for the model.</param>
    /// <param name="mimeType">What its content is.</param>
    /// <param name="read">Gives the text.</param>
    /// <param name="runOn">Where it is read.</param>
    /// <exception cref="ArgumentException">The address is none, or is taken.</exception>
    public void Add(string uri, string name, string description, string mimeType, Func<string> read, RunOn runOn = RunOn.Main) =>
        Add(uri, name, description, mimeType, _ => new ValueTask<ResourceBody>(ResourceBody.Text(read())), runOn);

    /// <summary>Adds a template: as many resources as there are values of its variables.</summary>
    /// <param name="uriTemplate">Their address, e.g. <c>game://players/{id}</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What they are, for the model.</param>
    /// <param name="mimeType">What their content is.</param>
    /// <param name="read">Reads one; throws <see cref="KeyNotFoundException"/> where there is none.</param>
    /// <param name="runOn">Where they are read.</param>
    /// <exception cref="ArgumentException">The template has no variable, is none that is taken here, or is there already.</exception>
    public void AddTemplate(string uriTemplate, string name, string description, string mimeType, Func<ResourceRequest, ValueTask<ResourceBody>> read, RunOn runOn = RunOn.Main)
    {
        if (!new UriPattern(uriTemplate).IsTemplate) throw new ArgumentException($"'{uriTemplate}' has no variable, e.g. {{id}}: it is a resource and no template.");
        Add(uriTemplate, name, description, mimeType, read, runOn);
    }

    /// <summary>Offers values for a variable of a template: those that begin with what the user has written.</summary>
    /// <param name="uriTemplate">The template, as it was added.</param>
    /// <param name="variable">Its variable.</param>
    /// <param name="values">The values; 100 at a time are told.</param>
    /// <exception cref="ArgumentException">There is no such template, or no such variable in it.</exception>
    public void Complete(string uriTemplate, string variable, params string[] values) => CompletersOf(uriTemplate, variable).Set(variable, Completer.Of(values));

    /// <summary>Offers values for a variable of a template.</summary>
    /// <param name="uriTemplate">The template, as it was added.</param>
    /// <param name="variable">Its variable.</param>
    /// <param name="find">Finds them, the best first; 100 at a time are told.</param>
    /// <param name="runOn">Where they are found.</param>
    /// <exception cref="ArgumentException">There is no such template, or no such variable in it.</exception>
    public void Complete(string uriTemplate, string variable, Func<CompletionRequest, IEnumerable<string>> find, RunOn runOn = RunOn.Main) =>
        CompletersOf(uriTemplate, variable).Set(variable, Completer.Of(find, runOn));

    /// <summary>Offers values for a variable of a template.</summary>
    /// <param name="uriTemplate">The template, as it was added.</param>
    /// <param name="variable">Its variable.</param>
    /// <param name="find">Finds them, the best first; 100 at a time are told.</param>
    /// <param name="runOn">Where they are found.</param>
    /// <exception cref="ArgumentException">There is no such template, or no such variable in it.</exception>
    public void Complete(string uriTemplate, string variable, Func<CompletionRequest, ValueTask<IEnumerable<string>>> find, RunOn runOn = RunOn.Main) =>
        CompletersOf(uriTemplate, variable).Set(variable, new Completer(find, runOn));

    /// <summary>Removes a resource or a template. Reads that run end as they would; who subscribed is told that it has changed.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string uri)
    {
        if (!Collection.TryGetPrimitive(uri, out var resource) || !Collection.Remove(resource)) return false;
        Updated(uri);
        return true;
    }

    /// <summary>
    /// Tells those who subscribed to a resource that it has changed. It costs little when nobody did, and what is told many times in
    /// a tenth of a second is sent once.
    /// </summary>
    /// <param name="uri">Its address; for one of a template the whole address.</param>
    public void Updated(string uri)
    {
        if (IsAnythingWatched) _subscribers.Updated(Spelling(uri) ?? uri);
    }

    /// <summary>Whether anybody has subscribed to anything.</summary>
    internal bool IsAnythingWatched => _subscribers.Uris > 0;

    /// <summary>Tells of an address that is in its one spelling.</summary>
    internal void UpdatedSpelled(string uri) => _subscribers.Updated(uri);

    /// <summary>Tells of all addresses that begin so.</summary>
    internal void UpdatedBelow(string prefix) => _subscribers.UpdatedBelow(prefix);

    /// <summary>The one spelling of an address; null when there is no resource there.</summary>
    internal string? Spelling(string uri)
    {
        if (Collection.TryGetPrimitive(uri, out var plain) && !plain.IsTemplated) return plain.ProtocolResourceTemplate.UriTemplate;
        foreach (var resource in Collection)
        {
            if (resource is EmbeddedResource { Pattern: { IsTemplate: true } pattern } && pattern.Match(uri) is { } variables) return pattern.Expand(variables);
        }

        return null;
    }

    private CompleterTable CompletersOf(string uriTemplate, string variable)
    {
        if (!Collection.TryGetPrimitive(uriTemplate, out var found) || found is not EmbeddedResource { Pattern.IsTemplate: true } template) throw new ArgumentException($"There is no template {uriTemplate}: add it first.");
        if (!template.Pattern.Has(variable)) throw new ArgumentException($"The template {uriTemplate} has no variable {variable}.");
        return template.Completers;
    }
}
