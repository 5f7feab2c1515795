import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';

const Dashboard = lazy(() => import('../pages/dashboard'));
const Tables = lazy(() => import('../pages/tables/list'));
const CreateTable = lazy(() => import('../pages/tables/create'));
const Table = lazy(() => import('../pages/tables/detail'));
const Explore = lazy(() => import('../pages/explore'));
const Partiql = lazy(() => import('../pages/partiql'));
const Queries = lazy(() => import('../pages/queries'));
const Streams = lazy(() => import('../pages/streams'));
const Users = lazy(() => import('../pages/identity/users'));
const User = lazy(() => import('../pages/identity/user'));
const Groups = lazy(() => import('../pages/identity/groups'));
const Group = lazy(() => import('../pages/identity/group'));
const Roles = lazy(() => import('../pages/identity/roles'));
const Role = lazy(() => import('../pages/identity/role'));
const Policies = lazy(() => import('../pages/identity/policies'));
const Policy = lazy(() => import('../pages/identity/policy'));
const Access = lazy(() => import('../pages/identity/access'));
const AllowList = lazy(() => import('../pages/identity/allow-list'));
const Connections = lazy(() => import('../pages/connections/list'));
const Connection = lazy(() => import('../pages/connections/edit'));

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/" element={<Dashboard />} />
      <Route path="/tables" element={<Tables />} />
      <Route path="/tables/new" element={<CreateTable />} />
      <Route path="/tables/:table" element={<Table />} />
      <Route path="/explore/:table?" element={<Explore />} />
      <Route path="/partiql" element={<Partiql />} />
      <Route path="/queries/:id?" element={<Queries />} />
      <Route path="/streams/:table?" element={<Streams />} />
      <Route path="/users" element={<Users />} />
      <Route path="/users/:name" element={<User />} />
      <Route path="/groups" element={<Groups />} />
      <Route path="/groups/:name" element={<Group />} />
      <Route path="/roles" element={<Roles />} />
      <Route path="/roles/:name" element={<Role />} />
      <Route path="/policies" element={<Policies />} />
      <Route path="/policies/:name" element={<Policy />} />
      <Route path="/access" element={<Access />} />
      <Route path="/allow-list" element={<AllowList />} />
      <Route path="/connections" element={<Connections />} />
      <Route path="/connections/new" element={<Connection />} />
      <Route path="/connections/:name" element={<Connection />} />
      <Route path="*" element={<Navigate to="/" replace />} />
    </Routes>
  );
}
