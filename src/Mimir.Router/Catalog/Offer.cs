using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>A server that takes a name.</summary>
/// <param name="Slot">The connection slot calls to it use.</param>
/// <param name="Entry">The entry as the server sent it, or as another one did.</param>
/// <param name="Tier">Those of a lower one are taken first.</param>
internal sealed record Offer(ConnectionSlot Slot, CatalogEntry Entry, int Tier);
