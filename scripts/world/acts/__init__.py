"""What people do. Importing this package declares all acts."""

from scripts.world.acts import learning, logins, machines, papers, people, programs, seats

__all__ = ["learning", "logins", "machines", "papers", "people", "programs", "seats"]
