using Mimir.Embed.Databases;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>Databases of what is in the scene.</summary>
    public static class UnityDatabases
    {
        /// <summary>A database of all components of a type in the loaded scenes.</summary>
        /// <typeparam name="T">The type.</typeparam>
        /// <param name="sortMode">Their order.</param>
        /// <param name="includeInactive">Whether those of objects that are switched off are in it.</param>
        public static McpDatabase<T> CreateFromScene<T>(FindObjectsSortMode sortMode = FindObjectsSortMode.None, bool includeInactive = false)
            where T : MonoBehaviour, IMcpDatabaseItem =>
            new McpDatabase<T>().SetReadFromSceneHierarchy(sortMode, includeInactive);

        /// <summary>Has a database read from the loaded scenes. What is destroyed is in it no more.</summary>
        /// <typeparam name="T">The type.</typeparam>
        /// <param name="database">The database.</param>
        /// <param name="sortMode">Their order.</param>
        /// <param name="includeInactive">Whether those of objects that are switched off are in it.</param>
        public static McpDatabase<T> SetReadFromSceneHierarchy<T>(this McpDatabase<T> database, FindObjectsSortMode sortMode = FindObjectsSortMode.None, bool includeInactive = false)
            where T : MonoBehaviour, IMcpDatabaseItem =>
            database.SetReadFrom(
                () => Object.FindObjectsByType<T>(includeInactive ? FindObjectsInactive.Include : FindObjectsInactive.Exclude, sortMode),
                item => item != null);
    }
}
